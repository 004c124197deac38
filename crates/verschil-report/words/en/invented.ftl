invented = Invented data
invented-banner = Invented data.
invented-banner-text = Everything in this report was calculated from data that were made up. No number in it says anything about real people, { $regions } or organisations.
invented-title = { $title } (invented data)
invented-answer = Invented data: what follows is not a finding about the real world.
