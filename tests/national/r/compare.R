# The reference numbers of R for what compares agencies: a changed mean, false discoveries, shrunk estimates.
#
#   Rscript tests/national/r/compare.R > tests/national/r/compare.csv
#
# (Debian: r-base-core, r-cran-metafor.) The kept compare.csv came from the versions in its first line; tests compare
# with it and need no R. Welch's and Student's test by t.test on the raw values; q by p.adjust; the area-level model with
# kinds as the only covariate by metafor's rma (REML), its best predictions by blup, whose error knows the variance.

suppressMessages(library(metafor))
cat("# R ", as.character(getRversion()), ", metafor ", as.character(packageVersion("metafor")), "\n", sep = "")
cat("what,place,name,value\n")
say <- function(what, place, name, value) {
  text <- formatC(as.numeric(value), digits = 15, format = "g", width = 1)
  cat(paste(what, place, name, text, sep = ","), "\n", sep = "")
}

before <- list(c(100, 80, 60, 100, 40, 80, 100, 20), c(95, 97.5, 92, 99, 88, 91, 100, 96, 94, 90.5), c(70, 80, 75, 90, 85))
after <- list(c(80, 80, 100, 100, 60, 100, 100, 100, 80), c(85, 82.5, 90, 88, 79, 91), c(72, 79, 77, 88, 86, 70, 95, 81))
p <- c()
for (k in seq_along(before)) {
  for (side in c("before", "after")) {
    x <- get(side)[[k]]
    say("data", k, paste0(side, "_mean"), mean(x)); say("data", k, paste0(side, "_se"), sd(x) / sqrt(length(x))); say("data", k, paste0(side, "_n"), length(x))
  }
  welch <- t.test(after[[k]], before[[k]]); student <- t.test(after[[k]], before[[k]], var.equal = TRUE)
  say("change", k, "t", welch$statistic); say("change", k, "degrees", welch$parameter)
  say("change", k, "welch", welch$p.value); say("change", k, "student", student$p.value)
  p <- c(p, max(welch$p.value, student$p.value))
}
p <- c(p, 0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.74, 1)
for (k in seq_along(p)) {
  say("false", k, "p", p[k]); say("false", k, "bh", p.adjust(p, "BH")[k]); say("false", k, "by", p.adjust(p, "BY")[k])
}

y <- c(91.2, 88.5, 95.1, 97.3, 84.0, 93.3, 90.1, 86.2, 99.0, 94.4, 92.2, 81.5)
se <- c(1.5, 4.0, 0.8, 0, 6.5, 2.2, 3.1, 2.7, 0.4, 5.0, 1.1, 3.9)
kind <- c(1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3)
found <- rma(yi = y, sei = se, mods = ~ 0 + factor(kind), method = "REML", control = list(threshold = 1e-13, maxiter = 1000))
best <- blup(found)
say("small", 0, "variance", found$tau2)
for (k in seq_along(y)) {
  say("small", k, "y", y[k]); say("small", k, "sampling", se[k]); say("small", k, "kind", kind[k])
  say("small", k, "expected", found$beta[kind[k]]); say("small", k, "shrunk", best$pred[k]); say("small", k, "known", best$se[k])
}
