"""Many sources times many points, threaded."""
