"""All benchmarks: python -m benchmarks (make bench)."""

from benchmarks import bench_history, bench_models

if __name__ == "__main__":
    bench_history.main()
    bench_models.main([])
