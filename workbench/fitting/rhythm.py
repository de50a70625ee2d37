"""How regular are customers? Models whose intervals are sums of k exponential ones."""

from dataclasses import dataclass
from typing import ClassVar, Self

from workbench import arguments
from workbench.fitting import units
from workbench.fitting.purchasing import PurchaseModel
from workbench.fitting.results import Process
from workbench.likelihoods.geometric import Geometric
from workbench.likelihoods.rows import Rows


@dataclass(frozen=True, kw_only=True)
class RhythmModel(PurchaseModel):
    """What the two models with regular timing share: k is chosen by likelihood."""

    r: float
    alpha: float
    a: float
    b: float
    k: int

    needs_intervals: ClassVar[bool] = True
    parameter_names: ClassVar[tuple[str, ...]] = ("r", "alpha", "a", "b")
    largest_k: ClassVar[int] = 12
    drop_at_start: ClassVar[bool]

    @property
    def process(self) -> Process:
        """The likelihood behind the model."""
        return Geometric(k=self.k, drop_at_start=self.drop_at_start)

    def __post_init__(self) -> None:
        super().__post_init__()
        mend = f"Use a whole number from 1 to {self.largest_k}."
        arguments.whole("k", self.k, most=self.largest_k, mend=mend)

    @property
    def parameter_count_(self) -> int:
        """How many parameters were chosen by likelihood, k among them."""
        return len(self.parameter_names) + 1

    @classmethod
    def _fitted(cls, rows: Rows, unit: units.Unit, *, steadied: bool) -> Self:
        best = cls._climbed(rows, unit, steadied=steadied, k=1)
        for k in range(2, cls.largest_k + 1):
            model = cls._climbed(rows, unit, steadied=steadied, k=k, start=best.vector)
            # the likelihood has one top in k
            if model.loglik_ <= best.loglik_:
                break
            best = model
        if best.k > 1:
            best = cls._climbed(rows, unit, steadied=steadied, k=best.k)
        return best.checked()
