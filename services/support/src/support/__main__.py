"""``python -m support migrate | serve | work | all | rebuild``."""

import sys

from chassis.launch import main

if __name__ == "__main__":
    sys.exit(main("support"))
