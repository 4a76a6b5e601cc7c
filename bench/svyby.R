# Processor seconds that R's `survey` takes for means, standard errors and intervals of the agencies in a CSV, in chunks of 20 (the
# best arrangement found: one design of all agencies grows with the square of their number).
#
#   Rscript bench/svyby.R SHEETS.csv        columns: agency, people (empty: no frame), then scores; prints seconds

suppressMessages(library(survey))
options(survey.lonely.psu = "remove")
sheets <- read.csv(commandArgs(trailingOnly = TRUE)[1])
scores <- reformulate(setdiff(names(sheets), c("agency", "people")))
agencies <- unique(sheets$agency)
began <- sum(proc.time()[c("user.self", "sys.self")])
for (chunk in split(agencies, ceiling(seq_along(agencies) / 20))) {
  some <- sheets[sheets$agency %in% chunk, ]
  design <- if (all(is.na(some$people))) {
    suppressWarnings(svydesign(ids = ~1, strata = ~agency, data = some))
  } else svydesign(ids = ~1, strata = ~agency, fpc = ~people, data = some)
  found <- svyby(scores, ~agency, design, svymean, na.rm = TRUE)
  bounds <- confint(found)
}
cat(sum(proc.time()[c("user.self", "sys.self")]) - began, "\n")
