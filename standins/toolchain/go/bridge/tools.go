//go:build tools

package bridge

import _ "github.com/pulumi/pulumi-terraform-bridge/v3/dynamic"
