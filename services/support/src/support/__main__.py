"""``python -m support migrate | serve | work | all | rebuild``."""

import sys

from chassis.process import main

from support.app import build

if __name__ == "__main__":
    sys.exit(main(build))
