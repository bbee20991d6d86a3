"""From numbers to rows of styled text, and to terminals that can show less. No widgets."""
