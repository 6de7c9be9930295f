// Tabs that are more than fit beside each other: the open one is brought into sight.
for (const tab of document.querySelectorAll(".page-tabs [aria-current], .chips [aria-current]")) {
  tab.scrollIntoView({ block: "nearest", inline: "center" });
}
