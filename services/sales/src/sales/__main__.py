"""``python -m sales migrate | serve | work | all | rebuild``."""

import sys

from chassis.process import main

from sales.app import build

if __name__ == "__main__":
    sys.exit(main(build))
