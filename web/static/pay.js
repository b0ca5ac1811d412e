// pay.js: the payment page with a script.
