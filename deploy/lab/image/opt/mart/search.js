// Search: answers any path, logs JSON lines; a file can change how (see behaviour.py).
const fs = require('fs');
const http = require('http');
const port = +(process.env.PORT || 9200), host = process.env.HOST;
const index = [];

function log(level, msg, more) { console.log(JSON.stringify({ level, time: Date.now(), pid: process.pid, name: 'search', msg, ...more })); }

function behaviour() {
  try { return JSON.parse(fs.readFileSync('/var/lib/shop/search.json')); } catch (e) { return {}; }
}

async function query(b) {
  if (b.reject) throw new Error('shard 3: index generation 118 not found');
  if (b.leak) for (let i = 0; i < b.leak * 8000; i++) index.push({ term: 'term' + i, postings: [i, i + 1, i + 2] });
  if (b.block) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, b.block * 1000);
  await new Promise((done) => setTimeout(done, (b.delay || 0) * 1000));
}

async function answer(request, response) {
  const b = behaviour();
  if (request.url.startsWith('/nothing')) { response.writeHead(404); return response.end(); }
  await query(b);
  if (b.hang_up) { response.socket.write('HTTP/1.1 200 OK\r\nContent-Type: appl'); return response.socket.destroy(); }
  if (b.destroy) return response.socket.destroy();
  const failed = b.status && Math.random() < (b.share || 1);
  if (failed) log(50, 'query failed', { err: 'all shards failed', url: request.url });
  response.writeHead(failed ? b.status : 200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ hits: failed ? 0 : 3 }));
}

process.on('SIGTERM', () => { log(30, 'shutting down'); process.exit(0); });
http.createServer(answer).listen(port, host, () => log(30, 'listening', { port, host: host || '*' }));
