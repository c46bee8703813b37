"""The controller's Lambda function: standard library and boto3 only, as it runs outside of the program."""
