//! Many clients at once.

use scimspec::mock::serve::Options;

use crate::support::{AT_LAST, Client, start};

#[tokio::test(flavor = "multi_thread")]
async fn each_of_many_clients_gets_its_own_answers() {
    let server = start(Options::default()).await;
    let address = server.address;
    let clients: Vec<_> = (0..64)
        .map(|number| {
            tokio::spawn(async move {
                let mut client = Client::connect(address).await;
                for count in 0..25 {
                    let body = format!("{number}-{count}-").repeat(1 + count * 40);
                    let length = body.len();
                    client
                        .send(&format!("PUT /{number}/{count} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n{body}"))
                        .await;
                    let told = client.receive().await.json();
                    assert_eq!(told["target"], format!("/{number}/{count}"));
                    assert_eq!(told["body"], body);
                }
            })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_come_and_go_leave_nothing_behind() {
    let grace = 2 * AT_LAST;
    let server = start(Options { grace, ..Options::default() }).await;
    for round in 0..300 {
        let mut client = Client::connect(server.address).await;
        match round % 3 {
            0 => assert_eq!(client.get("/").await.status(), 200),
            1 => client.send("GET / HT").await,
            _ => {}
        }
    }
    // Stopping waits for every connection that is still there, so a lost one would take the whole grace.
    let started = std::time::Instant::now();
    server.stop().await;
    assert!(started.elapsed() < AT_LAST);
}
