// The web front: answers any path; a file can change how (see shop.py).
const fs = require('fs');
const http = require('http');
const port = +(process.env.PORT || 8083);
const bind = process.env.BIND || '0.0.0.0';
const hoard = [];

function behaviour() {
  try { return JSON.parse(fs.readFileSync('/var/lib/shop/web.json')); } catch (e) { return {}; }
}

function answer(request, response) {
  const b = behaviour();
  if (request.url === '/healthz') { response.writeHead(b.health_status || 200); return response.end('ok'); }
  if (b.leak) for (let i = 0; i < b.leak * 10000; i++) hoard.push({ at: Date.now(), n: i, s: 'item ' + i });
  if (b.once === 'exit') throw new TypeError("Cannot read properties of undefined (reading 'title')");
  if (b.answer === 'close') return request.socket.end();
  if (b.answer === 'reset') return request.socket.resetAndDestroy();
  if (b.status) { response.writeHead(b.status); return response.end('error'); }
  if (request.url.includes('missing')) { response.writeHead(404); return response.end('no such page'); }
  setTimeout(() => { response.writeHead(200, { 'Content-Type': 'text/html' }); response.end('<h1>shop</h1>' + request.url); }, (b.delay || 0) * 1000);
}

process.on('SIGTERM', () => { console.log('INFO web: SIGTERM, closing'); process.exit(0); });
setTimeout(() => http.createServer(answer).listen(port, bind, () => console.log(`INFO web: listening on ${bind}:${port}`)),
  1000 * (process.env.START_DELAY || 0));
