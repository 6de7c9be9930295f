"""What the OpenAPI document says, as Python. Written by `make sdk`; do not edit."""
