"""The scripts that make the tables are no tests."""

collect_ignore_glob = ["make_*.py"]
