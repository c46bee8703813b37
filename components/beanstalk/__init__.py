"""Elastic Beanstalk: an application in one environment."""

from components.beanstalk.area import build
from components.beanstalk.outputs import BeanstalkOutputs

__all__ = ["BeanstalkOutputs", "build"]
