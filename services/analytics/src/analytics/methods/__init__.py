"""Computing methods of the analytics: pure functions over typed columns that know no store, no message and no clock.

Bad input is refused with a reason, never answered with a wrong figure; results explain themselves in figures and codes.
"""
