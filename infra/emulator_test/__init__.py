"""The parts of infra/test."""
