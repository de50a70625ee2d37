"""All benchmarks: python -m benchmarks (make bench)."""

from benchmarks import bench_history

if __name__ == "__main__":
    bench_history.main()
