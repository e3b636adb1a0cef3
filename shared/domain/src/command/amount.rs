//! Parsing of amounts of points.

use crate::Points;

/// An amount of points, in relation to a viewer's balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// This many points.
    Exactly(Points),
    /// A share of the balance, in percent from 1 to 100.
    Percent(u32),
    /// The whole balance.
    All,
}

/// Why a text is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an amount is a whole number such as 50, all, or a share such as 10%")]
pub struct BadAmount;

impl Amount {
    /// Parses `50`, `all` or `10%`. Only the digits 0 to 9 are accepted: `²` and `٥` are not amounts.
    ///
    /// # Errors
    /// [`BadAmount`] for anything else, including zero and the empty text.
    pub fn parse(text: &str) -> Result<Self, BadAmount> {
        if text.eq_ignore_ascii_case("all") {
            return Ok(Self::All);
        }
        if let Some(percent) = text.strip_suffix('%') {
            let percent = whole(percent.trim_end()).ok_or(BadAmount)?;
            return match u32::try_from(percent) {
                Ok(n @ 1..=100) => Ok(Self::Percent(n)),
                _ => Err(BadAmount),
            };
        }
        let points = whole(text).and_then(Points::new).ok_or(BadAmount)?;
        if points.is_zero() { Err(BadAmount) } else { Ok(Self::Exactly(points)) }
    }

    /// The amount that a contribution names: the first word of its cleaned argument.
    ///
    /// # Errors
    /// As for [`Self::parse`].
    pub fn of_argument(argument: &str) -> Result<Self, BadAmount> {
        Self::parse(argument.split(' ').next().unwrap_or_default())
    }

    /// The points for a viewer with `balance`. Shares are rounded down.
    #[must_use]
    pub fn of(self, balance: Points) -> Points {
        match self {
            Self::Exactly(points) => points,
            Self::Percent(percent) => balance.percent(percent).unwrap_or(balance),
            Self::All => balance,
        }
    }
}

fn whole(text: &str) -> Option<i64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_parsed() {
        let points = |n| Points::new(n).unwrap();
        assert_eq!(Amount::parse("50"), Ok(Amount::Exactly(points(50))));
        assert_eq!(Amount::parse("ALL"), Ok(Amount::All));
        assert_eq!(Amount::parse("10%").unwrap().of(points(55)), points(5));
        assert_eq!(Amount::parse("100%").unwrap().of(points(55)), points(55));
        for bad in
            ["", "0", "-5", "+5", "²", "٥", "1.5", "0%", "101%", "%", "99999999999999999999", "all%", "5 0"]
        {
            assert_eq!(Amount::parse(bad), Err(BadAmount), "{bad}");
        }
    }
}
