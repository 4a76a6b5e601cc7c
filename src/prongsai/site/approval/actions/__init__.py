"""What changes here: a chain is set, a bundle is submitted and considered, circulated and published."""

from prongsai.site.approval.actions.act import Act
from prongsai.site.approval.actions.chain import SetChain
from prongsai.site.approval.actions.circulate import Acknowledge, Circulate, Publish
from prongsai.site.approval.actions.paper import DecideOnPaper
from prongsai.site.approval.actions.submit import Submit

__all__ = ["Acknowledge", "Act", "Circulate", "DecideOnPaper", "Publish", "SetChain", "Submit"]
