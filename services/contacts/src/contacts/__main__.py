"""``python -m contacts migrate | serve | work | all``."""

import sys

from chassis.process import main

from contacts.app import build

if __name__ == "__main__":
    sys.exit(main(build))
