"""``python -m marketing migrate | serve | work | all | rebuild``."""

import sys

from chassis.process import main

from marketing.app import build

if __name__ == "__main__":
    sys.exit(main(build))
