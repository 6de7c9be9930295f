"""Tables of reports as files, for every service that has reports. What a figure means is its owner's business."""
