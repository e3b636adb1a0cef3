//! Formatting of an error together with its causes, for the log.

use std::error::Error;
use std::fmt;

/// Displays an error and its chain of sources on one line, separated by colons.
#[derive(Debug, Clone, Copy)]
pub struct ErrorChain<'a>(pub &'a dyn Error);

impl fmt::Display for ErrorChain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ownchatbot_store::StoreError;

    #[test]
    fn causes_are_shown_in_order() {
        let error = StoreError::Busy { doing: "reading", source: "throttled".into() };
        assert_eq!(ErrorChain(&error).to_string(), "the table is busy while reading: throttled");
    }
}
