"""Tests of house styles."""
