// Imaging: answers any path; a file can change how (see ../mart/behaviour.py). Writes lines as pino's pretty printer does.
const fs = require('fs');
const http = require('http');
const net = require('net');
const port = +(process.env.PORT || 7711), host = process.env.HOST, keep = [];
if (process.env.VIEWER) require(process.env.VIEWER);

function log(level, text) { console.log(`[${new Date().toISOString()}] ${level} (imaging/${process.pid}): ${text}`); }

function behaviour() {
  try { return JSON.parse(fs.readFileSync('/var/lib/shop/imaging.json')); } catch (e) { return {}; }
}

function spin(milliseconds) {
  const begin = process.cpuUsage().user;
  while (process.cpuUsage().user - begin < milliseconds * 1000);
}

function store(b, done) {
  if (!b.store) return setTimeout(done, (b.delay || 0) * 1000);
  const link = net.connect(5432, b.store);
  link.on('error', (e) => { log('ERROR', `study store: ${e}`); done(503); });
}

function answer(request, response) {
  const b = behaviour();
  if (b.only && !request.url.startsWith(b.only)) return response.end('{}');
  if (b.leak) for (let i = 0; i < b.leak * 8000; i++) keep.push({ study: 'CT' + i, slices: [i, i + 1, i + 2] });
  if (b.buffer) keep.push(Buffer.alloc(b.buffer * 1048576, 7));
  if (b.spin) spin(b.spin);
  if (b.block) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, b.block * 1000);
  if (b.throws) setImmediate(() => { const study = undefined; study.series.length; });
  store(b, (failed) => {
    if (b.destroy) return request.socket.destroy();
    const cookies = Array.from({ length: b.cookies || 0 }, (_, n) => `viewer${n}=${'9f8e7d6c'.repeat(450)}`);
    response.writeHead(failed || b.status || 200, { 'Content-Type': 'application/json', ...(cookies.length && { 'Set-Cookie': cookies }) });
    response.end('{"studies": 2}');
  });
}

process.on('SIGTERM', () => { log('INFO', 'SIGTERM, closing'); process.exit(0); });
http.createServer(answer).listen(port, host, () => log('INFO', `viewer on ${host || '::'}:${port}`));
