"""How likely is what customers did, under each model? The mathematics behind ``models``.

Arrays in, arrays out: logarithms of likelihoods with their gradients, and what follows for a
customer's future. One module per way in which customers stop: not at all (``nbd``), by a coin after
a purchase (``geometric``), after an exponential lifetime (``pareto``), by a coin at each occasion
(``beta_binomial``); and ``gamma_gamma`` for what they spend.
"""
