"""``python -m marketing migrate | serve | work | all | rebuild``."""

import sys

from chassis.launch import main

if __name__ == "__main__":
    sys.exit(main("marketing"))
