# The reference numbers of R's `survey` for sheets.csv: every item, indicator and whole survey of every agency.
#
#   Rscript tests/national/r/survey.R tests/national/r/sheets.csv > tests/national/r/reference.csv
#
# (Debian: r-base-core, r-cran-survey.) The kept reference.csv came from the versions in its first line. Run it again
# after changing sheets.csv; tests compare with it to 1e-9 and need no R.
#
# No variance is worked out here: totals of answers and of points by svytotal, scores by svycontrast on them (a score is
# the mean of item means; items that nobody answered have left). What R says where it should say nothing (0 +- 0 for
# items without answers) is kept as it says it. low and high: t with n - 1 on the logit scale; single items by svyciprop.

suppressMessages(library(survey))
sheets <- read.csv(commandArgs(trailingOnly = TRUE)[1], check.names = FALSE)
items <- list("IIT" = 15, "EIT.1" = 9)  # three items an indicator in both

cat("# R ", as.character(getRversion()), ", survey ", as.character(packageVersion("survey")), "\n", sep = "")
cat("survey,agency,case,score,sheets,people,estimate,se,low,high,error\n")

say <- function(about, score, n, found, error = "") {
  cat(paste(c(about, score, n, formatC(as.numeric(found), digits = 14, format = "g", width = 1), error), collapse = ","), "\n", sep = "")
}

one_agency <- function(rows) {
  survey <- rows$survey[1]
  about <- c(survey, rows$agency[1], rows$case[1])
  people <- rows$people[1]
  n <- nrow(rows)
  names <- paste0("q", seq_len(items[[survey]]))
  data <- rows[, names]
  for (name in names) {
    data[[paste0("r", name)]] <- as.numeric(!is.na(data[[name]]))
    data[[paste0("y", name)]] <- ifelse(is.na(data[[name]]), 0, data[[name]])
    data[[paste0("p", name)]] <- data[[name]] / 100
  }
  data$people <- people
  frame <- if (is.na(people)) NULL else ~people
  said <- capture.output(design <- tryCatch(  # what it prints beside an error is no line of the table
    if (is.null(frame)) suppressWarnings(svydesign(ids = ~1, data = data)) else svydesign(ids = ~1, fpc = frame, data = data),
    error = function(e) conditionMessage(e)))
  shape <- c(n, people)
  if (is.character(design)) return(say(about, survey, shape, rep(NA, 4), gsub("[,\n]", " ", design)))
  for (name in names) {
    found <- tryCatch({
      mean <- svymean(reformulate(name), design, na.rm = TRUE)
      interval <- tryCatch(
        confint(suppressWarnings(svyciprop(reformulate(paste0("p", name)), design, method = "xlogit", df = n - 1, na.rm = TRUE))),
        error = function(e) c(NA, NA))
      list(c(coef(mean), SE(mean), 100 * as.numeric(interval)), "")
    }, error = function(e) list(rep(NA, 4), gsub("[,\n]", " ", conditionMessage(e))))
    say(about, name, shape, found[[1]], found[[2]])
  }
  answered <- names[colSums(!is.na(rows[, names, drop = FALSE])) > 0]
  total <- tryCatch(
    svytotal(reformulate(c(paste0("r", answered), paste0("y", answered))), design), error = function(e) conditionMessage(e))
  mean_of <- function(some) paste0("((", paste0("yq", some, "/rq", some, collapse = "+"), ")/", length(some), ")")
  indicators <- list()
  for (k in seq_len(length(names) / 3)) {
    within <- Filter(function(item) paste0("q", item) %in% answered, (3 * k - 2):(3 * k))
    if (length(within)) indicators[[paste0("indicator ", k)]] <- mean_of(within)
  }
  whole <- list(paste0("(", paste(unlist(indicators), collapse = "+"), ")/", length(indicators)))
  names(whole) <- survey
  for (score in names(c(indicators, whole))) {
    if (is.character(total)) {
      say(about, score, shape, rep(NA, 4), gsub("[,\n]", " ", total))
      next
    }
    found <- svycontrast(total, list(q = str2lang(c(indicators, whole)[[score]])))
    p <- coef(found) / 100
    half <- suppressWarnings(qt(0.975, n - 1)) * SE(found) / 100 / (p * (1 - p))
    say(about, score, shape, c(coef(found), SE(found), 100 * plogis(qlogis(p) - half), 100 * plogis(qlogis(p) + half)))
  }
}

for (rows in split(sheets, list(sheets$agency, factor(sheets$survey, names(items))), drop = TRUE)) one_agency(rows)
