"""``python -m contacts migrate | serve | work | all``."""

import sys

from chassis.launch import main

if __name__ == "__main__":
    sys.exit(main("contacts"))
