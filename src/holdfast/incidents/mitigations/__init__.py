"""What people do to reduce the impact: options, risk, approval, execution and its outcome."""
