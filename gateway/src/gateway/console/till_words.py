"""Words that the scripts of the till put on its page, in the language of the page."""

from __future__ import annotations

import json

from gateway.console.i18n import gettext


def till_words() -> str:
    """The words by the names that the scripts know, as JSON for a data block."""
    words = {**_of_the_page(), **_of_paying(), **_of_receipts(), **_of_sessions()}
    return json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")


def _of_the_page() -> dict[str, str]:
    return {
        "agreedBy": gettext("%(name)s agreed to the discount."),
        "anyAmount": gettext("Any amount"),
        "basket": gettext("Basket"),
        "basketDiscount": gettext("Discount on the whole sale"),
        "beyond": gettext("More than %(limit)s off: somebody must agree when you take the money."),
        "cannotPrice": gettext("One of these goods has no price. Take it out, or have its price entered."),
        "cardHint": gettext(
            "It bears no tax and no discount. Its code comes with the receipt, once the sale has arrived."
        ),
        "close": gettext("Close"),
        "couponCode": gettext("Coupon code"),
        "couponIs": gettext("Coupon %(code)s"),
        "couponNeedsNetwork": gettext(
            "This coupon has to be looked at by the server. Sell without it, or wait for the network."
        ),
        "couponNotHere": gettext("The coupon %(code)s does not hold here or today."),
        "couponNotReached": gettext("A coupon needs more, or other, goods than these. Take it off under Discount."),
        "couponOff": gettext("Take off coupon %(code)s"),
        "couponUnknown": gettext("There is no such coupon."),
        "couponUsedUp": gettext("The coupon %(code)s is used up."),
        "customer": gettext("Customer"),
        "customerHint": gettext("Without a network, type the number of the card or the phone: it goes with the sale."),
        "discount": gettext("Discount"),
        "discountKind": gettext("Discount in"),
        "emptyBasket": gettext("Choose goods, or scan a barcode."),
        "everything": gettext("Everything"),
        "find": gettext("Find"),
        "intoBasket": gettext("Into the basket"),
        "less": gettext("One less"),
        "mixedTax": gettext("Some of these prices include tax and some do not. Sell them one after the other."),
        "more": gettext("One more"),
        "needsNetwork": gettext("This needs the network. Try again when you are online."),
        "noAmount": gettext("Type an amount, such as 12.50."),
        "noCustomer": gettext("No customer"),
        "noPrice": gettext("No price"),
        "noShare": gettext("Type a share between 0 and 100."),
        "notPaid": gettext("The sale was not made: %(message)s Its basket is kept."),
        "notTaken": gettext("The server has not taken a sale: %(message)s"),
        "nothingFound": gettext("Nothing found."),
        "nothingParked": gettext("No basket is parked."),
        "offline": gettext("Offline"),
        "onTheCard": gettext("What is put on the card"),
        "online": gettext("Online"),
        "park": gettext("Park"),
        "parkedBaskets": gettext("Parked baskets"),
        "phoneOrCard": gettext("Phone, e-mail or card number"),
        "quantity": gettext("Quantity"),
        "remove": gettext("Remove"),
        "resume": gettext("Parked"),
        "save": gettext("Save"),
        "saved": gettext("saves %(amount)s"),
        "signInFirst": gettext("Sign in first."),
        "signedOut": gettext("Signed out"),
        "takeCoupon": gettext("Take the coupon"),
        "waiting": gettext("%(count)s to send"),
        "withIn": gettext("with %(name)s in %(share)s of orders"),
    }


def _of_paying() -> dict[str, str]:
    return {
        "agree": gettext("Agree"),
        "amount": gettext("Amount"),
        "card": gettext("Card"),
        "cash": gettext("Cash"),
        "change": gettext("Change"),
        "changeIs": gettext("Change: %(amount)s"),
        "code": gettext("Code of the second step"),
        "creditsAre": gettext("%(amount)s on gift cards."),
        "discountNeedsNetwork": gettext(
            "This is more than you may give, and without a network nobody can agree. Give less, or wait."
        ),
        "email": gettext("E-mail"),
        "exchange": gettext("Exchange"),
        "findMemberFirst": gettext("Find the customer first, by card or phone."),
        "finish": gettext("Finish the sale"),
        "giftCardCode": gettext("Code of the gift card"),
        "giftCardFirst": gettext("Type or scan the code of the gift card."),
        "gift_card": gettext("Gift card"),
        "heldNeedsNetwork": gettext("Points and gift cards need the network. Take cash or a card, or wait."),
        "leaveTitle": gettext("Somebody must agree"),
        "leaveWhy": gettext("The discount is above what you may give. Let somebody who may give it sign in here."),
        "noPoints": gettext("This customer has no points that can be spent."),
        "nothingOnCard": gettext("This gift card cannot be spent: %(amount)s is left on it."),
        "openSessionFirst": gettext("Open a session first."),
        "other": gettext("Other"),
        "password": gettext("Password"),
        "payTitle": gettext("To pay: %(amount)s"),
        "points": gettext("Points"),
        "pointsAre": gettext("%(count)s points, worth %(amount)s."),
        "pricesChanged": gettext("Prices have changed. Look at the new sum, then take the money."),
        "reference": gettext("Reference"),
        "stillToPay": gettext("Still to pay: %(amount)s"),
        "tooMuch": gettext("Only cash can be more than what is still to be paid."),
        "transfer": gettext("Bank transfer"),
        "waitForAnswer": gettext(
            "The network went away before the server answered. The sale waits in this tablet and is sent again by"
            " itself. Hand the goods over once it is taken; where it is not, its basket is parked."
        ),
        "waitTitle": gettext("Not taken yet"),
    }


def _of_receipts() -> dict[str, str]:
    return {
        "asPaid": gettext("As it was paid"),
        "cancel": gettext("Cancel"),
        "cardWorth": gettext("Gift card, %(amount)s"),
        "cardsReady": gettext("Gift cards to hand over"),
        "chooseWhatComesBack": gettext("Say how much of which line comes back."),
        "codeUntold": gettext("…%(digits)s: its code is told to who sold it, and only while nothing is spent."),
        "codesFollow": gettext("The code of the gift card follows as soon as the sale has arrived."),
        "damaged": gettext("Damaged: cannot be sold again"),
        "giveBack": gettext("Give the money back"),
        "givenBack": gettext("Given back"),
        "how": gettext("How"),
        "leftOnCard": gettext("Left on gift card …%(digits)s"),
        "next": gettext("Next customer"),
        "noReceipts": gettext("This tablet has made no receipt yet."),
        "off": gettext("Discounts"),
        "pointsEarned": gettext("Points earned"),
        "pointsLeft": gettext("Points left"),
        "pointsSpent": gettext("Points spent"),
        "print": gettext("Print"),
        "receipt": gettext("Receipt"),
        "receiptNumber": gettext("Number of the receipt"),
        "receipts": gettext("Receipts"),
        "return": gettext("Return"),
        "returned": gettext("Taken back"),
        "sold": gettext("Sold"),
        "takeBack": gettext("Take goods back"),
        "takeBackHint": gettext("The number stands at the top of the receipt. This needs the network."),
        "withoutTax": gettext("Without tax"),
        "taxOn": gettext("plus tax %(rate)s"),
        "taxOf": gettext("of which tax %(rate)s"),
        "total": gettext("Total"),
        "waitForQueue": gettext("Sales of this tablet are still to be sent. Wait until they are."),
        "why": gettext("Why?"),
    }


def _of_sessions() -> dict[str, str]:
    return {
        "cashIn": gettext("Cash in"),
        "cashOut": gettext("Cash out"),
        "chooseRegister": gettext("Which register is this?"),
        "closeSession": gettext("Close the session"),
        "countHint": gettext("Count the cash in the drawer before you look at what should be there."),
        "counted": gettext("Cash counted"),
        "difference": gettext("Difference"),
        "done": gettext("Done"),
        "expected": gettext("Cash that should be there"),
        "float": gettext("Cash at the start"),
        "floatHint": gettext("Count what is in the drawer."),
        "noRegister": gettext("There is no register yet. Add one under Sales, Stores."),
        "note": gettext("Note"),
        "openSession": gettext("Open a session"),
        "openedAt": gettext("Opened"),
        "otherRegister": gettext("This tablet is another register"),
        "returns": gettext("Returns"),
        "sales": gettext("Sales"),
        "sellOn": gettext("Go on selling"),
        "session": gettext("Session"),
        "xReport": gettext("X report: as it is now"),
        "zReport": gettext("Z report %(number)s"),
    }
