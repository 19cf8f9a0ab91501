// Loyalty: HTTP/2 without TLS, as gRPC servers speak it; a file can change how it answers while it runs (see ../mart/behaviour.py).
const fs = require('fs');
const http2 = require('http2');
const port = +(process.env.PORT || 50051);

function behaviour() {
  try { return JSON.parse(fs.readFileSync('/var/lib/shop/loyalty.json')); } catch (e) { return {}; }
}

function answer(request, response) {
  const b = behaviour();
  if (b.throws) throw new RangeError('points balance 4294967296 does not fit');
  if (b.destroy) return request.stream.session.destroy();
  setTimeout(() => {
    response.writeHead(b.status || 200, { 'content-type': 'application/grpc+json' });
    response.end('{"points": 120}');
  }, (b.delay || 0) * 1000);
}

process.on('SIGTERM', () => { console.error('loyalty: draining'); process.exit(0); });
http2.createServer(answer).listen(port, process.env.BIND || '0.0.0.0', () => console.error(`loyalty: h2c on ${port}`));
