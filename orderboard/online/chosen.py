"""By whom customers of this shop pay, as the settings say."""

from orderboard.config import Settings
from orderboard.online.provider import Provider
from orderboard.online.razorpay import Razorpay
from orderboard.online.stripe import Stripe


def provider_of(settings: Settings) -> Provider | None:
    """The provider that is set up; None where nobody pays online."""
    given = (settings.payments_url, settings.payments_key, settings.payments_webhook_secret)
    match settings.payments:
        case "stripe":
            return Stripe(*given)
        case "razorpay":
            return Razorpay(*given)
    return None
