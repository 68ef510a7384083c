"""`python -m workers.cli` is the `sightline` program."""

from workers.cli import main

if __name__ == "__main__":
    main()
