<?php
// The portal; a file can change how it answers (see behaviour.py).
$b = json_decode(@file_get_contents("/var/lib/shop/portal.json") ?: "{}", true);
if (isset($b["delay"])) sleep($b["delay"]);
if (isset($b["cookies"])) for ($n = 0; $n < $b["cookies"]; $n++) header("Set-Cookie: visit$n=" . str_repeat("0123456789", 300), false);
if (isset($b["signal"])) posix_kill(posix_getpid(), $b["signal"]);
if (isset($b["status"])) http_response_code($b["status"]);
echo "portal";
