"""The territory twin's command line: `python run.py --help`."""

from twin.cli import main

if __name__ == "__main__":
    main()
