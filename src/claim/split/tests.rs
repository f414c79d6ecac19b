use super::*;

#[test]
fn placeholder_is_replaced() {
    assert!(split("").is_ok_and(|found| found.is_empty()));
}
