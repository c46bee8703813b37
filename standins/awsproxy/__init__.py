"""`pulumi-resource-aws`: Pulumi's dynamic Terraform bridge dressed as the official AWS plugin."""
