"""Closed lists of AWS WAF and Security Hub: countries, rules of managed groups, versions of standards.

Sources, read 2026-11-30: WAF API, `CountryCode` (botocore's model); WAF Developer Guide, "AWS Managed Rules rule groups
list"; Security Hub User Guide, "Standards reference".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.audit import StandardName

_COUNTRIES: Final = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC
CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD
GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH
KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW
MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC
SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY
UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
COUNTRIES: Final = frozenset(_COUNTRIES.split())
"""Countries that a rule can name (ISO 3166, and XK)."""

_COMMON: Final = """
NoUserAgent_HEADER UserAgent_BadBots_HEADER SizeRestrictions_QUERYSTRING SizeRestrictions_Cookie_HEADER
SizeRestrictions_BODY SizeRestrictions_URIPATH EC2MetaDataSSRF_BODY EC2MetaDataSSRF_COOKIE EC2MetaDataSSRF_URIPATH
EC2MetaDataSSRF_QUERYARGUMENTS GenericLFI_QUERYARGUMENTS GenericLFI_URIPATH GenericLFI_BODY RestrictedExtensions_URIPATH
RestrictedExtensions_QUERYARGUMENTS GenericRFI_QUERYARGUMENTS GenericRFI_BODY GenericRFI_URIPATH
CrossSiteScripting_COOKIE CrossSiteScripting_QUERYARGUMENTS CrossSiteScripting_BODY CrossSiteScripting_URIPATH
"""
_KNOWN_BAD: Final = """
JavaDeserializationRCE_HEADER JavaDeserializationRCE_BODY JavaDeserializationRCE_URIPATH
JavaDeserializationRCE_QUERYSTRING Host_localhost_HEADER PROPFIND_METHOD ExploitablePaths_URIPATH Log4JRCE_HEADER
Log4JRCE_QUERYSTRING Log4JRCE_BODY Log4JRCE_URIPATH ReactJSRCE_BODY
"""
MANAGED_RULES: Final[Mapping[str, frozenset[str]]] = {
    "AWSManagedRulesCommonRuleSet": frozenset(_COMMON.split()),
    "AWSManagedRulesKnownBadInputsRuleSet": frozenset(_KNOWN_BAD.split()),
}
"""Managed group -> its rules. An override of a rule that a group does not have is refused."""

STANDARDS: Final[Mapping[StandardName, frozenset[str]]] = {
    "aws-foundational-security-best-practices": frozenset({"1.0.0"}),
    "cis-aws-foundations-benchmark": frozenset({"1.4.0", "3.0.0", "5.0.0"}),
    "nist-800-53": frozenset({"5.0.0"}),
    "pci-dss": frozenset({"3.2.1", "4.0.1"}),
}
"""Standard -> versions whose ARN has the form of today's."""
