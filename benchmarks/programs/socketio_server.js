// Tells everybody who is connected what is posted: an event for each order.
"use strict";

const http = require("http");
const { Server } = require("socket.io");

const MINUTES = 60 * 1000;

const server = http.createServer((request, response) => {
  if (request.method !== "POST") return; // Socket.IO answers for itself
  const pieces = [];
  request.on("data", (piece) => pieces.push(piece));
  request.on("end", () => {
    const body = JSON.parse(Buffer.concat(pieces));
    for (const order of body.orders ?? [body]) io.emit("order.created", order);
    response.writeHead(201, { "Content-Length": 0 }).end();
  });
});

// The listeners of the benchmark answer no pings.
const io = new Server(server, { transports: ["websocket"], pingInterval: 20 * MINUTES });

server.listen(Number(process.argv[2]), "127.0.0.1", 4096);
