"""Tests of customer search; a package so that its modules can share builders."""
