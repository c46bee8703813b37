"""The embedded AWS serves traffic on loopback: load balancers and CloudFront, as their settings say.

`ports` is where clients come in, `balancer` and `cdn` are what answers, `targets` asks for health; the patches
`load_balancer_traffic`, `load_balancer_forwards` and `cloudfront_viewers` join them with the emulator's services.
"""
