//! Points: whole numbers that are never negative and cannot overflow.

use std::fmt;

/// An amount of points, from 0 to [`Points::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Points(i64);

impl Points {
    /// No points.
    pub const ZERO: Self = Self(0);
    /// The largest balance: 2^53 − 1, the largest integer that JavaScript represents exactly.
    pub const MAX: Self = Self(9_007_199_254_740_991);

    /// `n` points; `None` when negative or above [`Points::MAX`].
    #[must_use]
    pub const fn new(n: i64) -> Option<Self> {
        if n >= 0 && n <= Self::MAX.0 { Some(Self(n)) } else { None }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Whether it is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum; `None` above [`Points::MAX`].
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).and_then(Self::new)
    }

    /// The difference; `None` below zero.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).and_then(Self::new)
    }

    /// The difference, or zero where it would be negative.
    #[must_use]
    pub fn saturating_sub(self, other: Self) -> Self {
        self.checked_sub(other).unwrap_or(Self::ZERO)
    }

    /// `percent` of this, rounded down; `None` above [`Points::MAX`].
    #[must_use]
    pub fn percent(self, percent: u32) -> Option<Self> {
        let exact = i128::from(self.0).checked_mul(i128::from(percent))? / 100;
        i64::try_from(exact).ok().and_then(Self::new)
    }

    /// The balance after `delta`; `None` when it would be negative or above [`Points::MAX`].
    #[must_use]
    pub fn after(self, delta: Delta) -> Option<Self> {
        self.0.checked_add(delta.0).and_then(Self::new)
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A movement of points: positive into the balance, negative out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Delta(i64);

impl Delta {
    /// Points that come in.
    #[must_use]
    pub const fn credit(points: Points) -> Self {
        Self(points.0)
    }

    /// Points that go out.
    #[must_use]
    pub const fn debit(points: Points) -> Self {
        Self(-points.0)
    }

    /// A movement of `n` points, as stored; `None` when its size is above [`Points::MAX`].
    #[must_use]
    pub const fn new(n: i64) -> Option<Self> {
        if n >= -Points::MAX.0 && n <= Points::MAX.0 { Some(Self(n)) } else { None }
    }

    /// The signed number.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn points_stay_in_range() {
        assert_eq!(Points::new(-1), None);
        assert_eq!(Points::MAX.checked_add(Points(1)), None);
        assert_eq!(Points(3).checked_sub(Points(4)), None);
        assert_eq!(Points(3).saturating_sub(Points(4)), Points::ZERO);
        assert_eq!(Points(5).percent(10), Some(Points::ZERO));
        assert_eq!(Points::MAX.percent(u32::MAX), None);
    }

    proptest! {
        #[test]
        fn debit_reverts_credit(a in 0..=Points::MAX.0, b in 0..=Points::MAX.0) {
            let (a, b) = (Points(a), Points(b));
            if let Some(sum) = a.after(Delta::credit(b)) {
                prop_assert_eq!(sum.after(Delta::debit(b)), Some(a));
            }
        }
    }
}
