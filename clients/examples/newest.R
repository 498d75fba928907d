# Prints the headlines of the newest articles: Rscript newest.R http://localhost:8000
address <- commandArgs(trailingOnly = TRUE)[1]
url <- paste0(address, "/api/v1/articles/?format=csv&fields=headline")
articles <- read.csv(url, encoding = "UTF-8", fileEncoding = "UTF-8-BOM")
cat(head(articles$headline, 5), sep = "\n")
