"""Loads the packages that share their name with a folder of the workspace, before pytest takes the folder for them."""

import bench as bench
import gateway as gateway
