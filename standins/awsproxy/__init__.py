"""`pulumi-resource-aws` of the sandbox: Pulumi's dynamic Terraform bridge dressed as the official AWS plugin."""
