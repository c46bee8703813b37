module standins/bridge

go 1.25.0

replace github.com/hashicorp/terraform-plugin-sdk/v2 => github.com/pulumi/terraform-plugin-sdk/v2 v2.0.0-20250923233607-7f1981c8674a

require github.com/pulumi/pulumi-terraform-bridge/v3 v3.116.0 // indirect
