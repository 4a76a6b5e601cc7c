"""From findings to measures: proposals, the plan, its checks, and progress."""
